# The echo on WEBrick: ruby webrick_echo.rb PORT

require 'webrick'

class Echo < WEBrick::HTTPServlet::AbstractServlet
  # Asked for every method, before a table of them would refuse one.
  def service(request, response)
    # As the server's own handlers for a block do before they call it.
    request.continue
    content = request.body.to_s.b
    head = "startline-echo/1\nmethod: #{request.request_method}\ntarget: #{request.unparsed_uri}\n".b
    request.header.each do |name, values|
      values.each { |value| head << "field: #{name}: #{value}\n".b }
    end
    response.status = 404 if request.path.start_with?('/missing')
    response['Content-Type'] = 'text/plain'
    response.body = head << "length: #{content.bytesize}\nbody:\n".b << content
  end
end

server = WEBrick::HTTPServer.new(BindAddress: '127.0.0.1', Port: ARGV[0].to_i, AccessLog: [])
server.mount('/', Echo)
server.start
