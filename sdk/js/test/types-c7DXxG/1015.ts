// netcidrmerge/cidr IPv4 zero address
import type { Entrypoints } from "./1015.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["0.0.0.0/0"];
export {};
