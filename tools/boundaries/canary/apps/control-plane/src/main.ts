import { Module } from '@nestjs/common';
@Module({})
export class AppModule {}
export * from 'react'; // planted: no React in the control plane, undeclared, re-export
