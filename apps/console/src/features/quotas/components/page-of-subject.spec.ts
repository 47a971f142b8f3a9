import { describe, expect, it } from '@jest/globals';
import { pageOfSubject } from './page-of-subject.ts';

describe('the page of what a limit is attached to', () => {
  it.each([
    ['VirtualKey app-1', '/virtual-keys/app-1'],
    ['Team crew', '/teams?q=crew'],
    ['Team crew, VirtualKey app-1', '/virtual-keys/app-1'],
    ['LlmProvider lab, model qwen', '/providers/lab'],
    ['Organization default', '/settings/organization'],
    ['Something new', undefined],
  ])('of %p is %p', (subject, page) => {
    expect(pageOfSubject(subject)).toBe(page);
  });
});
