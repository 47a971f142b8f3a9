import { describe, expect, it } from '@jest/globals';
import { PROXY_OPERATIONS } from '@penstock/providers';
import { SURFACES } from './endpoint-definitions.ts';

describe('the operations of a proxy', () => {
  it.each(PROXY_OPERATIONS)('$path is offered as the table says', ({ operation, dialect, outputFields }) => {
    expect(SURFACES.get(operation)).toMatchObject({ operation, dialect, outputFields });
  });

  it('are all that there are surfaces for', () => {
    expect(new Set(PROXY_OPERATIONS.map(({ operation }) => operation))).toEqual(new Set(SURFACES.keys()));
  });
});
