class MessagesController < ApplicationController
  def index
    @messages = Message.order(id: :desc).limit(50)
  end

  def create
    Message.create!(params.require(:message).permit(:body))
    redirect_to root_path
  end
end
