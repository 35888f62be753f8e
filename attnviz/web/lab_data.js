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
 * @property {string[]} planted what stands in the attention column, and in the next one
 * @property {Values} defaults
 * @property {ControlSpec[]} controls
 */

/**
 * @typedef {object} Result
 * @property {number} run counts up
 * @property {string} verdict a few words
 * @property {string} sentence its figures
 * @property {number | null} score null where there is no truth
 * @property {number | null} chance what guessing gets
 * @property {string} score_name
 * @property {string} definition
 * @property {string} fact
 * @property {'column' | 'step'} place what a weight belongs to
 * @property {string[]} names of the places; their numbers where they have no other
 * @property {Record<string, string>} marks what stands in some places
 * @property {Use | null} use of each column; null where it is not measured, or none is used
 * @property {number} attention_column
 * @property {number} seed
 * @property {number[][]} attention one row an epoch: the mean weights
 * @property {number[][][]} watched one an epoch, one a sample: the weights
 * @property {{ x: number[][], truth: boolean[][] }} samples the first validation samples
 * @property {Record<string, number[]>} history
 * @property {number} baseline the accuracy of always the same answer
 * @property {Spread | null} spread of many seeds
 */

/**
 * @typedef {object} Use
 * @property {number[]} cost by how much the accuracy falls when a column is shuffled
 * @property {number[]} share of all that shuffling costs
 */

/**
 * @typedef {object} Spread
 * @property {number[]} seeds that are done
 * @property {number[][]} attention one row a seed
 * @property {number} total how many seeds were asked for
 * @property {string} sentence
 */

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
