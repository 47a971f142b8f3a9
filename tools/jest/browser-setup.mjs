// What Mantine asks of a browser and jsdom does not have.
const nothing = () => {};
window.matchMedia ??= (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: nothing,
  removeListener: nothing,
  addEventListener: nothing,
  removeEventListener: nothing,
  dispatchEvent: () => false,
});
window.ResizeObserver ??= class ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
};
if (!('scrollIntoView' in window.HTMLElement.prototype)) window.HTMLElement.prototype.scrollIntoView = nothing;
// Fields that grow with their text ask when fonts have loaded.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });
