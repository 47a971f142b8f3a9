import type { ComboboxData } from '@mantine/core';

/** Browsers go on listing these by the names that they had decades ago; both are understood everywhere. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** Every time zone that this browser knows, `UTC` first, in groups by continent; `also` is listed in any case. */
export function timeZoneChoices(also?: string): ComboboxData {
  const first = [...new Set(['UTC', ...(also ? [also] : [])])];
  const names = new Set(Intl.supportedValuesOf('timeZone').map((name) => RENAMED[name] ?? name));
  const others = [...names].filter((name) => !first.includes(name)).toSorted();
  const groups = Map.groupBy(others, (name) => name.split('/')[0] ?? '');
  return [...first, ...[...groups].map(([group, items]) => ({ group, items }))];
}
