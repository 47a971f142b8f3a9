export const inner = 1; // planted: an inner barrel
