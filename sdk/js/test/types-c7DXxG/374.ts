// every/example every/some, success
import type { Entrypoints } from "./374.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"containers":[{"image":"hooli.com/bitcoin-miner"},{"image":"acmecorp.net/webapp"},{"image":"hooli.com/nginx"}]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
