// invalidkeyerror/missing keys
import type { Entrypoints } from "./589.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
