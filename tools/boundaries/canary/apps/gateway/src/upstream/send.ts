import { Client } from 'undici'; export const send = Client;
