import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { type PageQuery, ResourceName } from '@penstock/contracts';
import type { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { AdminError } from '../common/admin-error.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import type { Versioned } from '../common/versioned.ts';
import type { Manifest } from '../resources/resource-kind.ts';
import type { DocumentPage, ResourceService } from '../resources/resource-service.ts';
import { filterDocuments, type ListFilter } from './list-filters.ts';
import { type ManagementDocument, type ServedDocument, toManagementDocument } from './management-document.ts';

/** What the routes of a kind need to know about it. */
export interface ManagementRoutes<Spec> {
  readonly manifest: z.ZodType<Manifest<Spec>>;
  /** What its documents are called in answers, such as `LLM provider`. */
  readonly noun: string;
  /** Under which key lists stand. */
  readonly listKey: string;
  readonly filters: readonly ListFilter[];
  /** False: it is never deployed, and its deletion is answered with 204. */
  readonly isDeployable: boolean;
}

/** What the routes call; the same services that `/api/v1` calls. */
type Service<Spec, Document extends { readonly status: object }> = Pick<
  ResourceService<Spec, never, Document>,
  'list' | 'get' | 'create' | 'replace' | 'remove'
>;

const PAGE = { limit: 500, sort: 'name' } as const;

/** The five routes that a kind has on the management surface; its controller extends what this returns. */
export function managementController<Spec, Document extends ServedDocument>(routes: ManagementRoutes<Spec>) {
  const { manifest, noun, listKey, filters, isDeployable } = routes;
  const present = ({ document }: Versioned<Document>): ManagementDocument =>
    toManagementDocument(document, isDeployable);

  abstract class ManagementController {
    abstract readonly service: Service<Spec, Document>;

    @Get()
    @RequireRole('viewer')
    async list(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<object> {
      const documents = await allDocuments(this.service, actor);
      const translated = documents.map((document) => toManagementDocument(document, isDeployable));
      const found = filterDocuments(translated, filters, query);
      return { status: 'success', count: found.length, [listKey]: found };
    }

    @Get(':id')
    @RequireRole('viewer')
    async get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ManagementDocument> {
      return present(await this.service.get(actor, requireName(noun, id)));
    }

    @Post()
    @RequireRole('admin')
    async create(
      @CurrentActor() actor: Actor,
      @Body({ schema: manifest }) body: Manifest<Spec>,
    ): Promise<ManagementDocument> {
      return present(await this.service.create(actor, body));
    }

    @Put(':id')
    @RequireRole('admin')
    async replace(
      @CurrentActor() actor: Actor,
      @Param('id') id: string,
      @Body({ schema: manifest }) body: Manifest<Spec>,
    ): Promise<ManagementDocument> {
      return present(await this.service.replace(actor, requireName(noun, id), body));
    }

    @Delete(':id')
    @HttpCode(isDeployable ? 200 : 204)
    @RequireRole('admin')
    async remove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object | undefined> {
      await this.service.remove(actor, requireName(noun, id));
      return isDeployable ? { status: 'success', message: `${noun} deleted successfully`, id } : undefined;
    }
  }
  return ManagementController;
}

/** The name in a path. Throws the 404 for what no document can be named. */
export function requireName(noun: string, id: string): string {
  if (ResourceName.safeParse(id).success) return id;
  throw new AdminError('not_found', `There is no ${noun} of this id.`);
}

/** All documents of a kind, page by page. */
export async function allDocuments<Document>(
  service: { list(actor: Actor, query: PageQuery): Promise<DocumentPage<Document>> },
  actor: Actor,
): Promise<readonly Document[]> {
  const documents: Document[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await service.list(actor, { ...PAGE, ...(cursor ? { cursor } : {}) });
    documents.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return documents;
}
