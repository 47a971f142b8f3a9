import { createElement } from 'react';
import { spool } from '@canary/usage'; // planted: the console knows only contracts
import { hostname } from 'node:os'; // planted: no Node in a browser
export const Page = () => <p>{[createElement, spool, hostname].length}</p>;
