// every/example with two sets (fail)
import type { Entrypoints } from "./372.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"containers":[{"image":"acmecorp.com/bitcoin-miner"},{"image":"acmecorp.com/webapp"}],"init_containers":[{"image":"bitcoin-miner"}]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
