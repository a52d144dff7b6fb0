/**
 * Spans and metrics of a backchannel, through the API of OpenTelemetry.
 *
 * @module @countersign/backchannel/opentelemetry
 */

export { openTelemetry, type OpenTelemetryOptions } from './open-telemetry.ts'
