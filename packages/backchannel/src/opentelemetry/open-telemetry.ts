import { metrics, type MeterProvider, SpanStatusCode, trace, type TracerProvider } from '@opentelemetry/api'
import type { Backlog } from '../backend/scheduler.ts'
import type { BackchannelEvent } from '../events/event.ts'
import type { Telemetry } from '../events/telemetry.ts'

/** Options of {@link openTelemetry}. */
export interface OpenTelemetryOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider
}

const NAME = '@countersign/backchannel'

/**
 * Makes spans and metrics of what a backchannel does. No token, hint, message or claim is in them; transactions are named by
 * their ids in spans, and not in metrics.
 *
 * Spans: `countersign.backchannel.start`, `.poll`, `.validate`, `.callback`; requests that an instrumented `fetch` sends are
 * their children. Metrics: `countersign.backchannel.events`, counted by `type`, and by what else has few values;
 * `countersign.backchannel.duration`, seconds from start to outcome; `countersign.backchannel.scheduled`, `.overdue`,
 * `.running`, `.delay` in seconds, and `.circuit`, 1 while it is not closed.
 *
 * @param options Providers, where they are not the global ones.
 * @returns What `createBackchannel` takes as `telemetry`.
 * @see docs/backchannel.md, Watching
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const { tracerProvider, meterProvider } = options
  const tracer = (tracerProvider ?? trace.getTracerProvider()).getTracer(NAME)
  const meter = (meterProvider ?? metrics.getMeterProvider()).getMeter(NAME)
  const events = meter.createCounter('countersign.backchannel.events', { description: 'what happened, by type' })
  const duration = meter.createHistogram('countersign.backchannel.duration', {
    description: 'from the start of a transaction to its outcome',
    unit: 's',
  })

  return {
    span(name, attributes, act) {
      return tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await act()
        } catch (error) {
          // the class and code of an error are no secret; its message is for logs
          span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' })
          throw error
        } finally {
          span.end()
        }
      })
    },
    event(event) {
      events.add(1, { type: event.type, ...fewValued(event) })
      if (event.type === 'outcome') duration.record(event.duration / 1000, { status: event.status, mode: event.mode })
    },
    observe(backlog) {
      const gauges = {
        scheduled: meter.createObservableGauge('countersign.backchannel.scheduled'),
        overdue: meter.createObservableGauge('countersign.backchannel.overdue'),
        running: meter.createObservableGauge('countersign.backchannel.running'),
        delay: meter.createObservableGauge('countersign.backchannel.delay', { unit: 's' }),
        circuit: meter.createObservableGauge('countersign.backchannel.circuit'),
      }
      const all = Object.values(gauges)
      const callback: Parameters<typeof meter.addBatchObservableCallback>[0] = async (result) => {
        const now: Backlog = await backlog()
        result.observe(gauges.scheduled, now.scheduled)
        result.observe(gauges.overdue, now.overdue)
        result.observe(gauges.running, now.running)
        result.observe(gauges.delay, now.delay / 1000)
        result.observe(gauges.circuit, now.circuit === 'closed' ? 0 : 1)
      }
      meter.addBatchObservableCallback(callback, all)
      return () => meter.removeBatchObservableCallback(callback, all)
    },
  }
}

/** Members of events by which it is of use to count. */
function fewValued(event: BackchannelEvent) {
  return {
    ...('mode' in event && { mode: event.mode }),
    ...('status' in event && { status: String(event.status) }),
    ...('reason' in event && { reason: event.reason }),
    ...(event.type === 'poll' && { unanswered: event.unanswered }),
    ...(event.type === 'callback' && { callback: event.callback, duplicate: event.duplicate }),
  }
}
