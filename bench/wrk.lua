-- Sets the request of a wrk run (arguments: method, body), and prints its figures as one line of JSON.

function init(args)
	wrk.method = args[1] or "GET"
	if args[2] then
		wrk.body = args[2]
		wrk.headers["Content-Type"] = "application/json"
	end
end

function done(summary, latency, requests)
	local e = summary.errors
	io.write(string.format(
		'{"requests":%d,"seconds":%.6f,"failed":%d,"p50":%.3f,"p99":%.3f,"max":%.3f}\n',
		summary.requests, summary.duration / 1e6,
		e.connect + e.read + e.write + e.status + e.timeout,
		latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
