// netcidrmerge/cidr duplicate
import type { Entrypoints } from "./1014.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.128.0/24"];
export {};
