// every/example, fail
import type { Entrypoints } from "./369.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"containers":[{"image":"bitcoin-miner"},{"image":"acmecorp.com/webapp"}]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
