// comparisonexpr/decimals order like the numbers they denote
import type { Entrypoints } from "./171.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"15 digits":-1,"15 digits, exponent":-1,"beyond float64 exponent":1,"close":-1,"exponent":0,"exponent, fraction":0,"fewer leading zeros":1,"fewer leading zeros, negative":-1,"fraction, fraction":-1,"int, fraction":-1,"integers beyond int64":-1,"leading zeros after the point":-1,"magnitudes":1,"more than 15 digits":1,"negative exponent":0,"negative fraction, zero":-1,"negative magnitudes":-1,"negative zero":0,"negative zero, negative":1,"negatives":-1,"signs":-1,"tiny":1,"trailing zero":0,"zero, fraction":-1,"zero, negative":1};
export {};
