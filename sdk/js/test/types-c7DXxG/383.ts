// functionerrors/function output conflict, used as boolean
import type { Entrypoints } from "./383.policy.js";
export {};
