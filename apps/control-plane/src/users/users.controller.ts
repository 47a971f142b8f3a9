import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CreateUser, PageQuery, pageOf, UpdateUser, User } from '@penstock/contracts';
import { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { UsersService } from './users.service.ts';

const UserListQuery = PageQuery.pick({ limit: true, cursor: true, q: true });
const UserId = z.uuid();

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @RequireRole('admin')
  @ApiOkResponse({ standardSchema: pageOf('UserPage', User) })
  async list(
    @CurrentActor() actor: Actor,
    @Query({ schema: UserListQuery }) query: z.output<typeof UserListQuery>,
  ): Promise<unknown> {
    return this.users.list(actor, query);
  }

  @Get(':id')
  @RequireRole('admin')
  @ApiOkResponse({ standardSchema: User })
  async get(@CurrentActor() actor: Actor, @Param('id', { schema: UserId }) id: string): Promise<User> {
    return this.users.get(actor, id);
  }

  @Post()
  @RequireRole('owner')
  @ApiCreatedResponse({ standardSchema: User })
  async create(
    @CurrentActor() actor: Actor,
    @Body({ schema: CreateUser }) body: z.output<typeof CreateUser>,
  ): Promise<User> {
    return this.users.create(actor, body);
  }

  @Patch(':id')
  @RequireRole('owner')
  @ApiOperation({ summary: 'A new password or role, and disabling, end the sessions of the user' })
  @ApiOkResponse({ standardSchema: User })
  async update(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: UserId }) id: string,
    @Body({ schema: UpdateUser }) body: z.output<typeof UpdateUser>,
  ): Promise<User> {
    return this.users.update(actor, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireRole('owner')
  @ApiNoContentResponse()
  async remove(@CurrentActor() actor: Actor, @Param('id', { schema: UserId }) id: string): Promise<void> {
    await this.users.remove(actor, id);
  }
}
