// every/with: body
import type { Entrypoints } from "./355.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
