// functionerrors/function output conflict multiple
import type { Entrypoints } from "./385.policy.js";
export {};
