// every/example every/some, fail
import type { Entrypoints } from "./373.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"containers":[{"image":"hooli.com/bitcoin-miner"},{"image":"acmecorp.net/webapp"},{"image":"nginx"}]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
