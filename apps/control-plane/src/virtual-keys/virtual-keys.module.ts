import { Module } from '@nestjs/common';
import { VirtualKeysController } from './virtual-keys.controller.ts';
import { VirtualKeysService } from './virtual-keys.service.ts';

@Module({ controllers: [VirtualKeysController], providers: [VirtualKeysService], exports: [VirtualKeysService] })
export class VirtualKeysModule {}
