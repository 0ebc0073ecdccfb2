// rand.intn/consistent values for same arguments
import type { Entrypoints } from "./1142.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
