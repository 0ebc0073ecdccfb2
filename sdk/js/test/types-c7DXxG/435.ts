// globmatch/captured negative results, variable
import type { Entrypoints } from "./435.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
const given = "api.example.com";
const input: Entrypoints["test/p"]["input"] = given;
export {};
