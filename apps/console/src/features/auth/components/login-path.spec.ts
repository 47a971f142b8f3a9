import { describe, expect, it } from '@jest/globals';
import { loginPath, placeAfterLogin } from './login-path.ts';

describe('the way through the login page', () => {
  it('leads back to the page that was asked for, with its search', () => {
    const path = loginPath({ pathname: '/usage', search: '?range=7d&groupBy=key' });
    const next = new URLSearchParams(path.split('?')[1]).get('next');
    expect(placeAfterLogin(next)).toBe('/usage?range=7d&groupBy=key');
  });

  it.each(['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)', ''])(
    'never leads to another site: %p',
    (next) => {
      expect(placeAfterLogin(next)).toBe('/');
    },
  );
});
