import { Box, Code } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  readonly code: string;
  /** What the code is, for the region and the copy button: `curl example`. */
  readonly label: string;
}

/** Code to be copied. */
export function CodeBlock({ code, label }: CodeBlockProps) {
  return (
    <Box pos="relative" maw="100%">
      <Code block role="region" aria-label={label} tabIndex={0} pr={48} fz={12.5} mah={360}>
        {code}
      </Code>
      <Box pos="absolute" top={6} right={6}>
        <CopyButton value={code} label={`Copy ${label}`} />
      </Box>
    </Box>
  );
}
