import { Group, Text } from '@mantine/core';

/** The mark: a pipe with a gate that lets a measured part through. */
export function BrandMark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#0b6e7c" />
      <path
        d="M5 8.5h9.5a3.5 3.5 0 0 1 3.5 3.5v8a3.5 3.5 0 0 0 3.5 3.5H27"
        fill="none"
        stroke="#fff"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
      <path d="M5 14.8h5.4a2 2 0 0 1 2 2v6.7" fill="none" stroke="#7ad3dd" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}

/** Mark and name. */
export function Brand() {
  return (
    <Group gap={10} wrap="nowrap">
      <BrandMark />
      <Text component="span" fw={700} fz={18} lts="-0.01em" c="bright">
        Penstock
      </Text>
    </Group>
  );
}
