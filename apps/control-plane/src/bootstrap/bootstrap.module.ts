import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { RevisionStore } from '../config-revisions/revision-store.ts';
import { SeedingService } from './seeding.service.ts';
import { StartupPublication } from './startup-publication.ts';

/** The order of start-up: first what must be there, then its publication. */
@Injectable()
export class StartupSequence implements OnApplicationBootstrap {
  constructor(
    private readonly seeding: SeedingService,
    private readonly publication: StartupPublication,
    private readonly revisions: RevisionStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { templatesChanged } = await this.seeding.seed();
    await this.publication.start(this.revisions, templatesChanged);
  }
}

@Module({ providers: [SeedingService, StartupPublication, StartupSequence] })
export class BootstrapModule {}
