// What the Column lab gets from Python (attnviz/ui/components/lab_stage.py).

/** @import { Hues } from './scales.js' */

/**
 * @typedef {object} ControlSpec
 * @property {string} name
 * @property {string} label
 * @property {string} help
 * @property {number[]} values what a slider offers
 * @property {string[]} texts the same in words
 * @property {boolean} used whether the task has it
 */

/** @typedef {{ task: string, [name: string]: string | number }} Values settings by name; but for the task numbers */

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {string} title
 * @property {string} summary
 * @property {string} network
 * @property {Values} defaults
 * @property {ControlSpec[]} controls
 */

/**
 * @typedef {object} Result
 * @property {number} run counts up
 * @property {string} sentence
 * @property {number} score
 * @property {number} chance what guessing gets
 * @property {string} definition
 * @property {string} fact
 * @property {'column' | 'step'} place what a weight belongs to
 * @property {Record<string, string>} marks names of some places
 * @property {number} attention_column
 * @property {number[][]} attention one row an epoch: the mean weights
 * @property {number[][][]} watched one an epoch, one a sample: the weights
 * @property {{ x: number[][], truth: boolean[][] }} samples the first validation samples
 * @property {Record<string, number[]>} history
 * @property {Spread | null} spread of 20 seeds
 */

/** @typedef {{ mean: number[], deviation: number[], sentence: string }} Spread */

/**
 * @typedef {object} LabData
 * @property {Task[]} tasks
 * @property {string[]} reshaping the settings that need another compilation
 * @property {Values} values
 * @property {number} answered
 * @property {'ready' | 'loading' | 'error'} state
 * @property {string} message
 * @property {string[]} notes what was wrong with the link
 * @property {string | null} address
 * @property {Result | null} result
 * @property {Hues} hues
 * @property {number} made
 */

export {};
