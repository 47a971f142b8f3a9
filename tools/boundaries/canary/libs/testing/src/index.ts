import { Name } from '@canary/contracts'; export const clock = Name;
