import { Module } from '@nestjs/common';
import { OrganizationController } from './organization.controller.ts';
import { OrganizationService } from './organization.service.ts';

@Module({ controllers: [OrganizationController], providers: [OrganizationService], exports: [OrganizationService] })
export class OrganizationModule {}
