// netcidrmerge/cidr no overlap case 2
import type { Entrypoints } from "./1019.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["192.0.2.112/30","192.0.2.116/32","192.0.2.118/31"];
export {};
