import { Module } from '@nestjs/common';
import { SnapshotController } from './snapshot.controller.ts';

@Module({ controllers: [SnapshotController] })
export class InternalModule {}
