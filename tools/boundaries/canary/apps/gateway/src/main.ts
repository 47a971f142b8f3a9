import { Client } from 'undici'; // planted: only src/upstream sends
import { PrismaClient } from '@prisma/client'; // planted: the gateway never imports Prisma
import { AppModule } from '@canary/control-plane'; // planted: apps are never imported
export const main = async () => [Client, PrismaClient, AppModule, await import('@nestjs/core')]; // planted: Nest, undeclared, dynamic
