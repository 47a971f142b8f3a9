#!/usr/bin/env node
import '../../../tools/penstock.mjs';
