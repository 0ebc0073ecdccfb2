// regex.replace: anchored RE, start
import type { Entrypoints } from "./1207.policy.js";
const answer: Entrypoints["test/p"]["result"] = "Foo";
export {};
