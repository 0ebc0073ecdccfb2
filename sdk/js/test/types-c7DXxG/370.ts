// every/example, success
import type { Entrypoints } from "./370.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"containers":[{"image":"acmecorp.com/bitcoin-miner"},{"image":"acmecorp.com/webapp"}]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
