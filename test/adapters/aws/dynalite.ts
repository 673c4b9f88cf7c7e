import type { Server } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { afterAll } from "vitest";
import { type AwsSettings, createDynamoClient } from "../../../shared/adapters/aws/clients.ts";
