// regex.replace: anchored RE, end
import type { Entrypoints } from "./1210.policy.js";
const answer: Entrypoints["test/p"]["result"] = "foF";
export {};
