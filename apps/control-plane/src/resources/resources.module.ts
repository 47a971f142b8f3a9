import { Global, Module } from '@nestjs/common';
import { ResourceTools } from './resource-tools.ts';

@Global()
@Module({ providers: [ResourceTools], exports: [ResourceTools] })
export class ResourcesModule {}
