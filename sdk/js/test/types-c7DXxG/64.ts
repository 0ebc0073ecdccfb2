// aggregates/member+some+key non-ground key+value
import type { Entrypoints } from "./64.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"foo":100,"what":"ever"};
export {};
