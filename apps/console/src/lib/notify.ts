import { notifications } from '@mantine/notifications';
import { messageOf } from './api-error.ts';

/** Says in a toast that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'penstock', role: 'status', closeButtonProps: { 'aria-label': 'Dismiss' } });
}

/** Says in a toast what went wrong; it stays a little longer. */
export function notifyFailed(error: unknown): void {
  notifications.show({
    message: messageOf(error),
    color: 'red',
    role: 'alert',
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
