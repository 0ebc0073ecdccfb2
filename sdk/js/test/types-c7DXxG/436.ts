// globmatch/captured negative result, constant
import type { Entrypoints } from "./436.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = "api.example.com";
const input: Entrypoints["test/p"]["input"] = given;
export {};
