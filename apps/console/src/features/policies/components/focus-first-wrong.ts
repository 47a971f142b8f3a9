/** Focuses what is wrong in a part of a form whose fields are no fields of the form, once what was folded away is there. */
export function focusFirstWrong(box: HTMLElement | null): void {
  setTimeout(() => {
    const wrong = box?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? box?.querySelector('button');
    wrong?.focus();
  });
}
