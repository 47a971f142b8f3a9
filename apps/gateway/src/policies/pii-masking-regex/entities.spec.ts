import { describe, expect, it } from '@jest/globals';
import { entitiesOf } from './entities.ts';
import { EntityFinder } from './entity-finder.ts';

const none = { email: false, phone: false, ssn: false, redactPII: false };
const mask = (kind: 'email' | 'phone' | 'ssn') => {
  const finder = new EntityFinder(entitiesOf({ ...none, [kind]: true }));
  return (text: string) => finder.replace(text, (name) => `<${name}>`);
};

describe('C pii-masking-regex: e-mail addresses', () => {
  it.each([
    ['bob@example.com', '<EMAIL>'],
    ['Write to Bob.Smith+tag@mail.example.co.uk.', 'Write to <EMAIL>.'],
    ['<a_b%c@x-y.org>', '<<EMAIL>>'],
    ["'jürgen@exämple.de'", "'<EMAIL>'"],
    ['a@b.io,c@d.io', '<EMAIL>,<EMAIL>'],
    ['mailto:x@y.museum?subject=z', 'mailto:<EMAIL>?subject=z'],
    ['{"email":"x@y.com"}', '{"email":"<EMAIL>"}'],
    ['one\ntwo a@b.io\r\n\nc@d.io', 'one\ntwo <EMAIL>\r\n\n<EMAIL>'],
  ])('masks %s', (text, masked) => expect(mask('email')(text)).toBe(masked));

  it.each([
    'user@localhost',
    'a @ b.com',
    '@handle',
    'react@18.2.0',
    'me@',
    '@decorator.method',
    'x@-bad',
    'cost@$5.00',
  ])('leaves %s', (text) => expect(mask('email')(text)).toBe(text));
});

describe('C pii-masking-regex: phone numbers', () => {
  it.each([
    ['Call 415-555-2671 now', 'Call <PHONE> now'],
    ['(415) 555-2671', '<PHONE>'],
    ['415.555.2671', '<PHONE>'],
    ['1-800-555-0199', '<PHONE>'],
    ['+1 415 555 2671', '<PHONE>'],
    ['+14155552671', '<PHONE>'],
    ['tel:+49 171 1234567', 'tel:<PHONE>'],
    ['+49 (0)30 901820', '<PHONE>'],
    ['+44 20 7946 0958, +33 1 42 68 53 00', '<PHONE>, <PHONE>'],
    ['+41-44-668-18-00!', '<PHONE>!'],
  ])('masks %s', (text, masked) => expect(mask('phone')(text)).toBe(masked));

  it.each([
    '2024-11-21 18:20:00',
    '192.168.100.200',
    '255.255.255.255',
    '550e8400-e29b-41d4-a716-446655440000',
    '1700000000',
    '4155552671',
    '1 + 2 = 3',
    '+1 2',
    'id-415-555-2671-9',
    '4111 1111 1111 1111',
    'v415.555.26712',
    '$1,234,567.89',
    '3.14159265358979',
  ])('leaves %s', (text) => expect(mask('phone')(text)).toBe(text));
});

describe('C pii-masking-regex: social security numbers', () => {
  it.each([
    ['123-45-6789', '<SSN>'],
    ['SSN: 078-05-1120.', 'SSN: <SSN>.'],
    ['665 12 3456', '<SSN>'],
    ['(899-99-9999)', '(<SSN>)'],
  ])('masks %s', (text, masked) => expect(mask('ssn')(text)).toBe(masked));

  it.each([
    '000-12-3456',
    '666-12-3456',
    '900-12-3456',
    '123-00-4567',
    '123-45-0000',
    '1123-45-6789',
    '123-45-67890',
    '123-45 6789',
    'x-123-45-6789',
    '123-45-6789-1',
    '123456789',
    '12-345-6789',
  ])('leaves %s', (text) => expect(mask('ssn')(text)).toBe(text));
});

describe('C pii-masking-regex: kinds of one’s own', () => {
  it('masks all that overlapping finds cover, and looks for them first', () => {
    const customPIIEntities = [
      { piiEntity: 'CASE', piiRegex: 'case \\d+' },
      { piiEntity: 'NAME', piiRegex: '\\d+ of Bob' },
    ];
    const finder = new EntityFinder(entitiesOf({ ...none, email: true, customPIIEntities }));
    expect(finder.replace('see case 42 of Bob, b@c.de', (name, value) => `<${name}:${value}>`)).toBe(
      'see <CASE:case 42 of Bob>, <EMAIL:b@c.de>',
    );
  });
});
