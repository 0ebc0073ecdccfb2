// functions/skip-functions
import type { Entrypoints } from "./403.policy.js";
const answer: Entrypoints["test/l1"]["result"] = {"l2":{"p":true},"l3":{}};
export {};
