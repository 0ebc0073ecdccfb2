// every/example with two sets
import type { Entrypoints } from "./371.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"containers":[{"image":"acmecorp.com/bitcoin-miner"},{"image":"acmecorp.com/webapp"}],"init_containers":[{"image":"acmecorp.com/bitcoin-miner"}]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
