import { Center, Loader } from '@mantine/core';

/** Stands in for a page whose code is on the way. */
export function PageLoader() {
  return (
    <Center mih={320} role="status" aria-label="Loading">
      <Loader type="dots" aria-hidden />
    </Center>
  );
}
